; demo-password and demo-off: the 80x25 text screen with a greeting and a line editor. It answers on the
; serial line as well, and its clock in the corner shows that it runs.

%include "boot.inc"

main:   mov ax, 0x0003
        int 0x10
        mov dx, 0x0000
        mov bl, 0x1f
        mov si, banner
        call print_at
        mov dx, 0x0203
        mov bl, 0x07
        mov si, line1
        call print_at
        mov dx, 0x0303
        mov si, line2
        call print_at
        mov si, hello
        call serial_print
        call prompt

loop_:  hlt
        call power_check
        call clock
.keys:  mov ah, 1
        int 0x16
        jz .serial
        xor ah, ah
        int 0x16
        test al, al
        jz .keys
        cmp al, 0xe0
        je .keys
        call typed
        jmp .keys
.serial:
        call serial_get
        jz loop_
        call typed
        jmp .serial

; Shows the character AL on the screen and the serial line.
typed:  cmp al, 13
        je .enter
        cmp al, 127
        jne .put
        mov al, 8
.put:   push ax
        call serial_put
        pop ax
        mov ah, 0x0e
        mov bx, 7
        int 0x10
        ret
.enter: call serial_put
        mov al, 10
        call serial_put
        mov ax, 0x0e0d
        mov bx, 7
        int 0x10
        mov ax, 0x0e0a
        int 0x10
        mov si, answer
        call say
        jmp prompt_here

; The seconds since midnight, at the right end of the banner.
clock:  mov eax, [0x46c]
        xor edx, edx
        mov ecx, 10
        lea eax, [eax+eax*4]
        shl eax, 1                      ; tenths of 18.2 ticks
        mov ecx, 182
        div ecx
        mov ecx, 10
        mov di, 79*2
        mov cx, 0xb800
        mov es, cx
        mov ecx, 10
        mov bp, 8
.digit: xor edx, edx
        div ecx
        add dl, '0'
        mov dh, 0x1e
        sub di, 2
        mov [es:di], dx
        dec bp
        jz .end
        test eax, eax
        jnz .digit
.end:   mov word [es:79*2], 0x1e00|'s'
        xor cx, cx
        mov es, cx
        ret

; The string at SI in the colour BL at row DH, column DL; a banner is padded to its whole row.
print_at:
        mov ax, 0xb800
        mov es, ax
        movzx ax, dh
        imul ax, 160
        movzx di, dl
        shl di, 1
        add di, ax
        mov ah, bl
.next:  lodsb
        test al, al
        jz .end
        stosw
        jmp .next
.end:   xor ax, ax
        mov es, ax
        ret

prompt: mov dx, 0x0500
        mov ah, 2
        mov bh, 0
        int 0x10
prompt_here:
        mov si, sign
        jmp say

; The string at SI to the screen, at the cursor, and to the serial line.
say:    lodsb
        test al, al
        jz .end
        push si
        push ax
        call serial_put
        pop ax
        mov ah, 0x0e
        mov bx, 7
        int 0x10
        pop si
        jmp say
.end:   ret

banner  db '   Innkeeper demonstration guest'
        times 80-($-banner) db ' '
        db 0
line1   db 'A text screen, as servers have them. The number above counts the seconds', 0
line2   db 'since midnight of this machine. Type something and press Enter.', 0
answer  db '   I am only a boot sector, but I have heard you.', 13, 10, 0
sign    db '   $ ', 0
hello   db 'A demonstration guest is up.', 13, 10, 0

        times (SECTORS+1)*512-($-$$) db 0
